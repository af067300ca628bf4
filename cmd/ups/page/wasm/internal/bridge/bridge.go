//go:build js

// Package bridge lets JavaScript call Go. Arguments are bounded before they are
// copied, and no panic gets across.
package bridge

import (
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"syscall/js"
)

// Function is a function for JavaScript. It returns JSON.
type Function func(args Arguments) ([]byte, error)

// Serve makes functions the methods of a global object, ups, and serves them for
// as long as the module is there. A method returns an object with the member
// result, JSON as a string, or the member error.
func Serve(functions map[string]Function) {
	methods := map[string]any{}
	for name, f := range functions {
		methods[name] = js.FuncOf(func(_ js.Value, args []js.Value) any { return call(f, args) })
	}
	js.Global().Set("ups", methods)
	debug.SetMemoryLimit(memory)
	select {}
}

// memory is how many bytes there may be before the collector works harder: a page
// never gets back what a module has taken.
const memory = 256 << 20

func call(f Function, args []js.Value) (outcome map[string]any) {
	defer func() {
		if p := recover(); p != nil {
			outcome = map[string]any{"error": fmt.Sprintf("an internal error: %v", p)}
		}
	}()
	result, err := f(args)
	if err != nil {
		return map[string]any{"error": err.Error()}
	}
	return map[string]any{"result": string(result)}
}

// Arguments are what a function is called with.
type Arguments []js.Value

var errMissing = errors.New("an argument is missing")

func (a Arguments) at(i int, t js.Type) (js.Value, error) {
	if i >= len(a) {
		return js.Null(), errMissing
	}
	if got := a[i].Type(); got != t {
		return js.Null(), fmt.Errorf("argument %d is of type %v, want %v", i+1, got, t)
	}
	return a[i], nil
}

// Text returns a string of at most limit UTF-16 units.
func (a Arguments) Text(i, limit int) (string, error) {
	v, err := a.at(i, js.TypeString)
	if err != nil {
		return "", err
	}
	// A string has no members for Go, but the object of it has.
	if n := js.Global().Get("Object").Invoke(v).Get("length").Int(); n > limit {
		return "", fmt.Errorf("%d characters, and at most %d are taken", n, limit)
	}
	return v.String(), nil
}

// Bytes returns the content of a Uint8Array of at most limit bytes.
func (a Arguments) Bytes(i, limit int) ([]byte, error) {
	v, err := a.at(i, js.TypeObject)
	if err != nil {
		return nil, err
	}
	if !v.InstanceOf(js.Global().Get("Uint8Array")) {
		return nil, fmt.Errorf("argument %d is no Uint8Array", i+1)
	}
	n := v.Get("length").Int()
	if n > limit {
		return nil, fmt.Errorf("%d bytes, and at most %d are taken", n, limit)
	}
	b := make([]byte, n)
	js.CopyBytesToGo(b, v)
	return b, nil
}

// Number returns a whole number from 0 to the largest of 32 bits.
func (a Arguments) Number(i int) (uint32, error) {
	v, err := a.at(i, js.TypeNumber)
	if err != nil {
		return 0, err
	}
	f := v.Float()
	if f != math.Trunc(f) || f < 0 || f > math.MaxUint32 {
		return 0, fmt.Errorf("argument %d is %v, want a whole number of 32 bits", i+1, f)
	}
	return uint32(f), nil
}

// Bool returns a boolean.
func (a Arguments) Bool(i int) (bool, error) {
	v, err := a.at(i, js.TypeBoolean)
	if err != nil {
		return false, err
	}
	return v.Bool(), nil
}
