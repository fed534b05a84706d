/** Records without end, says when two seconds must be on disk, and waits to be killed. */
import { setTimeout as pause } from 'node:timers/promises';
import { Recording } from './recording.ts';
import { RecordingWriter } from './recording-writer.ts';

setInterval(() => {}, 1000); // the writer alone keeps no process
const recording = new Recording('killed', await new RecordingWriter(process.argv[2] ?? '').open('killed'));
const frame = new Int16Array(160).fill(1000);
for (let tick = 1; ; tick++) {
  recording.write(frame, frame, tick);
  if (tick % 50 === 0) await pause(20);
  if (tick === 300) process.send?.('written');
}
