package servicetest

import "testing"

// Run tests the contract over a transport: every clause, over every transport.
func Run(t *testing.T, transport Transport) {
	for _, c := range clauses {
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
}{
	{"ServiceIsAskedByTheTable", world.serviceIsAskedByTheTable},
	{"EveryAnswerUnderEveryPolicy", world.everyAnswerUnderEveryPolicy},
	{"FirstMatchDecides", world.firstMatchDecides},
	{"DefaultPolicyIsMarked", world.defaultPolicyIsMarked},
	{"OneDialogAtATimeInOrder", world.oneDialogAtATimeInOrder},
	{"StoredAnswerAnswersTheQueue", world.storedAnswerAnswersTheQueue},
	{"NewerRequestsComeAfterTheRound", world.newerRequestsComeAfterTheRound},
	{"StaleLookIsRepeated", world.staleLookIsRepeated},
	{"CancelInEveryState", world.cancelInEveryState},
	{"CancelledBefore", world.cancelledBefore},
	{"CancelAtTheAnswer", world.cancelAtTheAnswer},
	{"ForcePrompt", world.forcePrompt},
	{"ForcedWithoutAnswer", world.forcedWithoutAnswer},
	{"InfoWithoutRecord", world.infoWithoutRecord},
	{"FingerprintsInOrder", world.fingerprintsInOrder},
	{"DisputeWithTwo", world.disputeWithTwo},
	{"DisputeWithThree", world.disputeWithThree},
	{"DisputeLiftedByCancel", world.disputeLiftedByCancel},
	{"DisputeLiftedByAnotherRecord", world.disputeLiftedByAnotherRecord},
	{"ManagementNeedsCapabilities", world.managementNeedsCapabilities},
	{"ManageRecords", world.manageRecords},
	{"OneViewASession", world.oneViewASession},
	{"ViewsAreAborted", world.viewsAreAborted},
	{"ViewsMeetADeletionUnderWay", world.viewsMeetADeletionUnderWay},
	{"FiltersTooLong", world.filtersTooLong},
	{"Restore", world.restore},
	{"RestoreOverNewerAnswer", world.restoreOverNewerAnswer},
	{"RestoreAfterPoliciesChanged", world.restoreAfterPoliciesChanged},
	{"OneRequestOutstanding", world.oneRequestOutstanding},
	{"CloseWithRequestUnderWay", world.closeWithRequestUnderWay},
	{"ClosedSessionOpensNothing", world.closedSessionOpensNothing},
	{"IdleEnd", world.idleEnd},
	{"WhoMayAsk", world.whoMayAsk},
	{"ErrorsOfPolicies", world.errorsOfPolicies},
	{"Status", world.status},
	{"ServiceRefusesLongDestinations", world.serviceRefusesLongDestinations},
	{"DestinationThatIsNotUTF8", world.destinationThatIsNotUTF8},
	{"ClientWhoseThreadHasEnded", world.clientWhoseThreadHasEnded},
	{"PurgeOnPolicyChange", world.purgeOnPolicyChange},
	{"NeverOutlastsACorruptFile", world.neverOutlastsACorruptFile},
	{"SessionsFetchConfigurationAnew", world.sessionsFetchConfigurationAnew},
	{"RequestsKeepTheirPolicies", world.requestsKeepTheirPolicies},
	{"PurgeThatFails", world.purgeThatFails},
	{"PolicyFilesThatCantBeListed", world.policyFilesThatCantBeListed},
	{"AnswerToFormerPolicies", world.answerToFormerPolicies},
	{"FaultyPlugIns", world.faultyPlugIns},
	{"DialogThatNobodyAnswers", world.dialogThatNobodyAnswers},
	{"NoLimit", world.noLimit},
	{"PlugInThatNeverReturns", world.plugInThatNeverReturns},
	{"ErrorsOfRequests", world.errorsOfRequests},
	{"PlugInThatChangesFingerprints", world.plugInThatChangesFingerprints},
	{"LengthsAtTheLimit", world.lengthsAtTheLimit},
	{"PlugInsAreKeptUntilSoftwareChanges", world.plugInsAreKeptUntilSoftwareChanges},
	{"PlugInFoundWhileSoftwareChanges", world.plugInFoundWhileSoftwareChanges},
	{"PolicysOwnPlugIns", world.policysOwnPlugIns},
}
