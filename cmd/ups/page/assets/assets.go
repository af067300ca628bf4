// Package assets has the style, the script and the template that pages are made of.
package assets

import _ "embed" // for the files below

// Style is the style sheet that pages share.
//
//go:embed page.css
var Style string

// Script lets pictures, trees and tables be explored by pointer and keyboard.
//
//go:embed page.js
var Script string

// Report is the template of the body of ups report's page.
//
//go:embed report.html
var Report string
