package store

import "gorm.io/gorm"

// lockNamed lets one transaction at a time pass that locks the same name, until it
// ends: what it counts does not change before it inserts. SQLite has one writer
// anyway.
func (s *Store) lockNamed(tx *gorm.DB, name string) error {
	if s.dialect.name() == sqliteName {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", "hookline "+name).Error
}
