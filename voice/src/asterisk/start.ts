/** The voice process when Asterisk has the calls: the driver, and this process's own engine for the browsers. */
import type { Calls } from '../call/calls.ts';
import type { Log } from '../log.ts';
import { CallsOnAsterisk } from './calls.ts';
import { Node } from './node.ts';

export interface AsteriskSettings {
  /** `http://user:password@host:port#name`, one a node. */
  nodes: readonly URL[];
  /** Where the nodes have the prompts, when not in the same folder. */
  prompts: string | null;
}

export interface AsteriskParts {
  settings: AsteriskSettings;
  gateway: Calls;
  gatewayAddress: () => string;
  promptDirs: readonly string[];
  recordingDir: string | null;
  mediaTimeoutSeconds: number;
  log: Log;
}

export function callsOnAsterisk({ settings, log, ...parts }: AsteriskParts): CallsOnAsterisk {
  const nodes = settings.nodes.map((url, index) => new Node(nameOf(url, index), url, log));
  return new CallsOnAsterisk({ ...parts, nodes, promptsOnNodes: settings.prompts, log });
}

/** Stands in front of each leg's id, so it has to stay the same. */
function nameOf(url: URL, index: number): string {
  const given = url.hash.slice(1).replace(/[^\w]/g, '').slice(0, 20);
  return given === '' ? `n${index + 1}` : given;
}
