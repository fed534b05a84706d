/**
 * RTP to RTP: what a bridged call costs the media engine, as a ratio of what a bare UDP relay of the same packets
 * costs in the same run. Usage: node bench/voice/forward.ts [calls] [seconds]
 */
import { openTelephone, Tally } from './ends.ts';
import type { End } from './ends.ts';
import { describe, measure } from './measure.ts';

const calls = Number(process.argv[2] ?? 60);
const seconds = Number(process.argv[3] ?? 5);

async function run(kind: 'engine' | 'bare') {
  const tally = new Tally();
  const pairs: [End, End][] = [];
  for (let i = 0; i < calls; i++) pairs.push([await openTelephone(tally), await openTelephone(tally)]);
  const result = await measure(kind, pairs, tally, seconds);
  describe(`${kind}, ${calls} calls`, result);
  return result;
}

const bare = await run('bare');
const engine = await run('engine');
console.log(
  `ratio ${(engine.corePercentPerCall / bare.corePercentPerCall).toFixed(2)} voice/forward: CPU of a bridged call against a bare UDP relay; loss ${engine.lossPercent.toFixed(3)} %`,
);
