/** Builds the web apps; those that are up to date only when asked by name or with --all. */
import { buildStale } from './web-apps.ts';

process.exit((await buildStale({ all: process.argv.includes('--all') })) ? 0 : 1);
