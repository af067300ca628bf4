package servicetest

import "testing"

// Run tests the contract over a transport.
func Run(t *testing.T, transport Transport) {
	for _, c := range clauses {
		if c.fakeTime && !transport.Bubble || c.atOnce && transport.Remote {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if !transport.Bubble {
				t.Parallel() // it waits most of the time
			}
			c.test(world{Transport: transport}, t)
		})
	}
}

// clauses are the tests.
var clauses = []struct {
	name string
	test func(world, *testing.T)
	// fakeTime says that it takes minutes or hours, or measures time exactly.
	fakeTime bool
	// atOnce says that what one session does is seen by another's view at once.
	// Through the API a view reads ahead.
	atOnce bool
}{
	{"ServiceIsAskedByTheTable", world.serviceIsAskedByTheTable, false, false},
	{"EveryAnswerUnderEveryPolicy", world.everyAnswerUnderEveryPolicy, false, false},
	{"FirstMatchDecides", world.firstMatchDecides, false, false},
	{"DefaultPolicyIsMarked", world.defaultPolicyIsMarked, false, false},
	{"OneDialogAtATimeInOrder", world.oneDialogAtATimeInOrder, false, false},
	{"StoredAnswerAnswersTheQueue", world.storedAnswerAnswersTheQueue, false, false},
	{"NewerRequestsComeAfterTheRound", world.newerRequestsComeAfterTheRound, false, false},
	{"StaleLookIsRepeated", world.staleLookIsRepeated, false, false},
	{"CancelInEveryState", world.cancelInEveryState, false, false},
	{"CancelledBefore", world.cancelledBefore, false, false},
	{"CancelAtTheAnswer", world.cancelAtTheAnswer, false, false},
	{"ForcePrompt", world.forcePrompt, false, false},
	{"ForcedWithoutAnswer", world.forcedWithoutAnswer, false, false},
	{"InfoWithoutRecord", world.infoWithoutRecord, false, false},
	{"FingerprintsInOrder", world.fingerprintsInOrder, false, false},
	{"DisputeWithTwo", world.disputeWithTwo, false, false},
	{"DisputeWithThree", world.disputeWithThree, false, false},
	{"DisputeLiftedByCancel", world.disputeLiftedByCancel, false, false},
	{"DisputeLiftedByAnotherRecord", world.disputeLiftedByAnotherRecord, false, false},
	{"ManagementNeedsCapabilities", world.managementNeedsCapabilities, false, false},
	{"ManageRecords", world.manageRecords, false, false},
	{"OneViewASession", world.oneViewASession, false, false},
	{"ViewsAreAborted", world.viewsAreAborted, false, false},
	{"ViewsMeetADeletionUnderWay", world.viewsMeetADeletionUnderWay, false, true},
	{"FiltersTooLong", world.filtersTooLong, false, false},
	{"Restore", world.restore, false, false},
	{"RestoreOverNewerAnswer", world.restoreOverNewerAnswer, false, false},
	{"RestoreAfterPoliciesChanged", world.restoreAfterPoliciesChanged, false, false},
	{"OneRequestOutstanding", world.oneRequestOutstanding, false, false},
	{"CloseWithRequestUnderWay", world.closeWithRequestUnderWay, false, false},
	{"ClosedSessionOpensNothing", world.closedSessionOpensNothing, false, false},
	{"IdleEnd", world.idleEnd, true, false},
	{"WhoMayAsk", world.whoMayAsk, false, false},
	{"ErrorsOfPolicies", world.errorsOfPolicies, false, false},
	{"Status", world.status, false, false},
	{"ServiceRefusesLongDestinations", world.serviceRefusesLongDestinations, false, false},
	{"DestinationThatIsNotUTF8", world.destinationThatIsNotUTF8, false, false},
	{"ClientWhoseThreadHasEnded", world.clientWhoseThreadHasEnded, false, false},
	{"PurgeOnPolicyChange", world.purgeOnPolicyChange, false, false},
	{"NeverOutlastsACorruptFile", world.neverOutlastsACorruptFile, false, false},
	{"SessionsFetchConfigurationAnew", world.sessionsFetchConfigurationAnew, false, false},
	{"RequestsKeepTheirPolicies", world.requestsKeepTheirPolicies, false, false},
	{"PurgeThatFails", world.purgeThatFails, false, false},
	{"PolicyFilesThatCantBeListed", world.policyFilesThatCantBeListed, false, false},
	{"AnswerToFormerPolicies", world.answerToFormerPolicies, false, false},
	{"FaultyPlugIns", world.faultyPlugIns, false, false},
	{"DialogThatNobodyAnswers", world.dialogThatNobodyAnswers, true, false},
	{"NoLimit", world.noLimit, true, false},
	{"PlugInThatNeverReturns", world.plugInThatNeverReturns, true, false},
	{"ErrorsOfRequests", world.errorsOfRequests, false, false},
	{"PlugInThatChangesFingerprints", world.plugInThatChangesFingerprints, false, false},
	{"LengthsAtTheLimit", world.lengthsAtTheLimit, false, false},
	{"PlugInsAreKeptUntilSoftwareChanges", world.plugInsAreKeptUntilSoftwareChanges, false, false},
	{"PlugInFoundWhileSoftwareChanges", world.plugInFoundWhileSoftwareChanges, false, false},
	{"PolicysOwnPlugIns", world.policysOwnPlugIns, false, false},
}
