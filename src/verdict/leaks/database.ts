import type { LeakKind } from './leak.ts'

/** SQL statements, and what databases say about them. Prose such as "select a disk from the list" is neither. */
export const databaseTexts: LeakKind = {
  name: 'database text',
  mayBeData: false,
  patterns: [
    /\bSELECT\s[^;\n]{1,400}?\sFROM\s+["'`[]?\w/,
    /\bselect\s(?:\*|[\w.,"'`\s]{1,400}?)\sfrom\s+["'`[]?\w[\w."'`\]]*\s+(?:where\s+\S+\s*(?:=|<|>|in\b|like\b|is\b)|limit\s+\d|order\s+by\s|inner\s+join\s|left\s+join\s)/i,
    /\bINSERT\s+INTO\s+["'`[]?\w[\w."'`\]]*\s*(?:\(|VALUES\b)/i,
    /\bUPDATE\s+["'`[]?\w[\w."'`\]]*\s+SET\s+["'`[]?\w[\w."'`\]]*\s*=/i,
    /\bDELETE\s+FROM\s+["'`[]?\w[\w."'`\]]*\s+WHERE\s/i,
    // PostgreSQL
    /\bsyntax error at or near "/,
    /\b(?:relation|column|table) "[^"\n]+" (?:of relation "[^"\n]+" )?does not exist/,
    /\bduplicate key value violates unique constraint\b/,
    /\bviolates (?:foreign key|not-null|check) constraint\b/,
    /\bnull value in column "/,
    /\bpq: |\bPG::[A-Z]\w+|\bpsycopg2?\.|\bFATAL: {1,2}(?:password authentication|database|role|remaining connection)/,
    /\bSQLSTATE\b/,
    // MySQL, MariaDB
    /\byou have an error in your SQL syntax\b/i,
    /\bTable '[^'\n]+' doesn't exist\b/,
    /\bDuplicate entry '[^'\n]*' for key\b/,
    /\bUnknown column '[^'\n]+' in '/,
    /\bER_[A-Z]+_[A-Z_]+\b/,
    // SQLite
    /\bSQLITE_[A-Z]+\b|\bSQLite3?::/,
    /\bno such (?:table|column): \w/,
    /\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed\b/,
    // Oracle, SQL Server, MongoDB, mappers
    /\bORA-\d{5}\b/,
    /\bIncorrect syntax near\b|\bInvalid object name '|\bViolation of (?:PRIMARY|UNIQUE) KEY constraint\b/,
    /\bE11000 duplicate key error\b|\bMongo(?:Server|Network|Bulk)\w*Error\b/,
    /\bActiveRecord::\w+|\bSequelize\w*Error\b|\bsqlalchemy\.|\bInvalid `prisma\./,
  ],
}
