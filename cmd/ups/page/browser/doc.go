// Package browser tests the pages of ups report, ups play and the control panel in a
// headless Chromium (make browser), the panel of ups serve as a process among them. It is a module of its own, so that what drives the
// browser is nobody's dependency.
package browser
