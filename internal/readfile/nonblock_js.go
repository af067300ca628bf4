package readfile

// nonBlocking is nothing in a browser, where there are no pipes to wait for,
// and no files.
const nonBlocking = 0
