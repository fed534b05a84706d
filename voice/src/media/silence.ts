import { silenceOf } from '../rtp/g711.ts';

/** One frame of silence in each law; as an object also the source that silence comes from. */
export const silence = { PCMU: Buffer.alloc(160, silenceOf.PCMU), PCMA: Buffer.alloc(160, silenceOf.PCMA) };
