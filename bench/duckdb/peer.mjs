// The questions of `dashboards` asked of raw rows in DuckDB: once to warm up, then `times` times each; medians in ms and the answers as one line of JSON.
import { DuckDBInstance } from '@duckdb/node-api';
import { readFileSync } from 'node:fs';

const [, , raw, posts, questions, times] = process.argv;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`create table raw as select * from read_csv('${raw}', header = false, columns = {'post': 'integer', 'metric': 'integer', 'at': 'bigint', 'value': 'bigint'})`);
await connection.run(`create table post as select * from read_csv('${posts}', header = false, columns = {'post': 'integer', 'published': 'bigint', 'account': 'integer', 'tag': 'integer'})`);
const out = {};
for (const [name, sql] of Object.entries(JSON.parse(readFileSync(questions, 'utf8')))) {
  const took = [];
  let rows;
  for (let i = 0; i <= Number(times); i++) {
    const begun = performance.now();
    rows = (await connection.runAndReadAll(sql)).getRows();
    took.push(performance.now() - begun);
  }
  took.shift();
  out[name] = { ms: took.sort((a, b) => a - b)[Math.floor(took.length / 2)], rows: rows.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value))) };
}
console.log(JSON.stringify(out));
