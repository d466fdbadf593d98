package models

// Space is what the database takes on the disk, in bytes.
type Space struct {
	File int64
	WAL  int64 // of SQLite: changes on their way into the file
	Free int64 // of SQLite: within the file, to be used again or given back
	// Kept says that an SQLite file keeps what is free, as it was made before Hookline
	// could give it back: it needs to be compacted once.
	Kept bool
}
