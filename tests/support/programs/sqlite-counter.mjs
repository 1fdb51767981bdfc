/**
 * A number in a SQLite database, for Node on either side.
 *
 *     node sqlite-counter.mjs FILE make MODE      makes it with this journal_mode; prints the mode that it got
 *     node sqlite-counter.mjs FILE add TIMES      adds 1, each time in a transaction of its own
 *     node sqlite-counter.mjs FILE show           prints what integrity_check says, and the number
 */
import { DatabaseSync } from "node:sqlite";

const [file, verb, argument] = process.argv.slice(2);
const database = new DatabaseSync(file);
const ask = (line) => Object.values(database.prepare(line).get()).join(" ");
database.exec("PRAGMA busy_timeout = 60000");
if (verb === "make") {
  process.stdout.write(`${ask(`PRAGMA journal_mode = ${argument}`)}\n`);
  database.exec("CREATE TABLE counter (n); INSERT INTO counter VALUES (0)");
} else if (verb === "add") {
  for (let times = Number(argument); times > 0; times--)
    database.exec("BEGIN IMMEDIATE; UPDATE counter SET n = n + 1; COMMIT");
} else {
  process.stdout.write(`${ask("PRAGMA integrity_check")} ${ask("SELECT n FROM counter")}\n`);
}
database.close();
