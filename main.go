// Hookline is a self-hosted webhook desk; see README.md.
package main

import "hookline/app/cli"

func main() { cli.Main() }
