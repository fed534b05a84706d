/**
 * What a chat server cannot beat on this machine: a bare websocket server that writes one row and passes the message on.
 * `node chat-limit.ts each|group`: a commit per message, or one for all of a millisecond. Takes DATABASE_URL; prints
 * `listening on <port>`. A client connects to `/<room>`; what it sends goes to everyone in the room, itself included.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { WebSocket, WebSocketServer } from 'ws';

type Row = [id: string, room: string, text: string];

const grouping = process.argv[2] === 'group';
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query('create table if not exists said (id uuid primary key, room text not null, text text not null)');

let waiting: { row: Row; done(): void }[] = [];
const keep = grouping ? keepTogether : keepAlone;

const rooms = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  console.log(`listening on ${typeof address === 'object' && address !== null ? address.port : 0}`);
});
server.on('connection', (socket, request) => {
  const room = request.url ?? '';
  const there = rooms.get(room) ?? new Set();
  rooms.set(room, there.add(socket));
  socket.on('message', (data, isBinary) => {
    const text = Buffer.isBuffer(data) && !isBinary ? data.toString() : '';
    void keep([randomUUID(), room, text]).then(() => {
      for (const each of there) if (each.readyState === WebSocket.OPEN) each.send(text);
    });
  });
  socket.on('close', () => there.delete(socket));
});
process.once('SIGTERM', () => process.exit(0));

async function keepAlone(row: Row): Promise<void> {
  await pool.query({ name: 'one', text: 'insert into said values ($1, $2, $3)', values: row });
}

function keepTogether(row: Row): Promise<void> {
  return new Promise((done) => {
    waiting.push({ row, done });
    if (waiting.length === 1) setTimeout(() => void commit(), 1);
  });
}

async function commit(): Promise<void> {
  const batch = waiting;
  waiting = [];
  const column = (at: 0 | 1 | 2) => batch.map(({ row }) => row[at]);
  await pool.query({
    name: 'many',
    text: 'insert into said select * from unnest($1::uuid[], $2::text[], $3::text[])',
    values: [column(0), column(1), column(2)],
  });
  for (const { done } of batch) done();
}
