package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

const opaPath = "/v1/data/ups/decision"

type opaQuestion struct {
	Input json.RawMessage `json:"input"`
}

type opaAnswer struct {
	Result *int `json:"result"`
}

func (a opaAnswer) decided() (int, error) {
	if a.Result == nil {
		return 0, errors.New("OPA has no result")
	}
	return *a.Result, nil
}

// opaWire asks as the API of OPA is described.
func opaWire(s *server, list []request, n int) ([]conversation, error) {
	requests := make([][]byte, len(list))
	for i, r := range list {
		body, err := json.Marshal(opaQuestion{r.Input})
		if err != nil {
			return nil, err
		}
		requests[i] = post(opaPath, "application/json", body)
	}
	return each(n, func() (conversation, error) {
		return newWire(s, requests, readOPA), nil
	})
}

func readOPA(b []byte) (int, error) {
	var a opaAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return 0, err
	}
	return a.decided()
}

// opaClient asks by Go's HTTP client, as programs do.
type opaClient struct {
	http   *http.Client
	list   []request
	answer opaAnswer
}

func newOPAClient(s *server, list []request, n int) ([]conversation, error) {
	return each(n, func() (conversation, error) {
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", s.socket)
		}
		return &opaClient{http: &http.Client{Transport: &http.Transport{DialContext: dial}}, list: list}, nil
	})
}

func (c *opaClient) ask(i int) error {
	body, err := json.Marshal(opaQuestion{c.list[i].Input})
	if err != nil {
		return err
	}
	answer, err := c.http.Post("http://opa"+opaPath, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, b)
	}
	c.answer = opaAnswer{}
	return json.Unmarshal(b, &c.answer)
}

func (c *opaClient) decided() (int, error) { return c.answer.decided() }

// each makes n conversations.
func each(n int, open func() (conversation, error)) ([]conversation, error) {
	all := make([]conversation, n)
	for i := range all {
		var err error
		if all[i], err = open(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
