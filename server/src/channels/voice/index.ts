/** The telephone: calls of an engine become conversations, and the desk's controls become commands. */
export type { VoiceEngine } from './engine.ts';
export { voiceChannel } from './line.ts';
export { lineOf } from './phones.ts';
export { voiceRoutes } from './routes.ts';
export { voiceSettingsRoutes } from './settings-routes.ts';
export { telephonyRoutes } from './telephony-routes.ts';
export { openEngine, runCalls } from './worker.ts';
export { changePolicy as changeSupervisingPolicy } from './supervising-policy.ts';
