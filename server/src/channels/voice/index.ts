/** The telephone: calls of an engine become conversations, and the desk's controls become commands. */
export { EmbeddedEngine } from './embedded-engine.ts';
export type { VoiceEngine } from './engine.ts';
export { voiceChannel } from './line.ts';
export { voiceRoutes } from './routes.ts';
export { voiceSettingsRoutes } from './settings-routes.ts';
export { runCalls } from './worker.ts';
