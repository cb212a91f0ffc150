#ifndef CARE_CSQLITE_SHIM_H
#define CARE_CSQLITE_SHIM_H

#include <sqlite3.h>

// Closing the last connection no longer copies the write-ahead log into the database. Here because Swift cannot call
// functions with variable arguments.
static inline int care_sqlite3_keep_wal_on_close(sqlite3 *db) {
    return sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

// SQLite no longer counts the memory it uses: nobody asks for it, and each piece of memory that a connection takes or
// gives back would wait for a lock that all connections of the process share. Has an effect before the first connection
// alone.
static inline int care_sqlite3_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// What the system said of the last write to the write-ahead log that failed, or to the database; 0 when none did.
// sqlite3_system_errno forgets it on the way out of a transaction.
static inline int care_sqlite3_write_errno(sqlite3 *db) {
    sqlite3_file *file = 0;
    int number = 0;
    if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK && file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
    if (number == 0) sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
    return number;
}

// Read and write errors, which the macros spell as expressions Swift does not import.
static const int care_sqlite3_ioerr_read = SQLITE_IOERR_READ;
static const int care_sqlite3_ioerr_short_read = SQLITE_IOERR_SHORT_READ;
static const int care_sqlite3_ioerr_write = SQLITE_IOERR_WRITE;

#endif
