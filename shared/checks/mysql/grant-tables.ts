/**
 * What columns of `mysql.user` are compared with. On MariaDB that is a view, whose own literals have the collation of
 * the session that made the tables of the server: those of a session with another one cannot be compared with them
 * (error 1267), bytes can ("Collation Coercibility", MySQL manual; "mysql.user Table", MariaDB reference).
 */
export const yes = "_binary'Y'"
export const no = "_binary'N'"
export const nothing = "_binary''"
