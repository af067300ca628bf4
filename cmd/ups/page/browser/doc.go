// Package browser tests the pages of ups report and ups play in a headless
// Chromium (make browser). It is a module of its own, so that what drives the
// browser is nobody's dependency.
package browser
