// Package browsertest walks through the real app in a real Chromium: one test a
// flow, with and without JavaScript, and every page under axe-core in both
// themes. With HOOKLINE_SHOTS=folder each page leaves a picture.
package browsertest
