package client

// CallEach makes a client ask by a call for each request, as for large ones.
func (c *Client) CallEach() { c.maxStreamed = -1 }
