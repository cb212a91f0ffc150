#ifndef CARE_CSQLITE_SHIM_H
#define CARE_CSQLITE_SHIM_H

#include <sqlite3.h>

// Closing the last connection no longer copies the write-ahead log into the database. Here because Swift cannot call
// functions with variable arguments.
static inline int care_sqlite3_keep_wal_on_close(sqlite3 *db) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

// Read errors, which the macros spell as expressions Swift does not import.
static const int care_sqlite3_ioerr_read = SQLITE_IOERR_READ;
static const int care_sqlite3_ioerr_short_read = SQLITE_IOERR_SHORT_READ;

#endif
