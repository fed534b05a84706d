/**
 * RTP to SRTP: what a call between a telephone and an agent's browser costs the media engine, as a ratio of what a
 * bare UDP relay of the same packets costs in the same run; the browsers are node-datachannel in this process.
 * Usage: node bench/voice/browser.ts [calls] [seconds]
 */
import nodeDataChannel from 'node-datachannel';
import { openBrowser, openTelephone, Tally } from './ends.ts';
import type { End } from './ends.ts';
import { describe, measure } from './measure.ts';

const calls = Number(process.argv[2] ?? 50);
const seconds = Number(process.argv[3] ?? 5);

async function run(kind: 'engine' | 'bare') {
  const tally = new Tally();
  const pairs: [End, End][] = [];
  for (let i = 0; i < calls; i++)
    pairs.push([await openTelephone(tally), await (kind === 'engine' ? openBrowser(tally) : openTelephone(tally))]);
  const result = await measure(kind, pairs, tally, seconds);
  describe(`${kind}, ${calls} calls`, result);
  return result;
}

const bare = await run('bare');
const engine = await run('engine');
nodeDataChannel.cleanup();
console.log(
  `ratio ${(engine.corePercentPerCall / bare.corePercentPerCall).toFixed(2)} voice/browser: CPU of a call with a browser against a bare UDP relay; loss ${engine.lossPercent.toFixed(3)} %`,
);
