/**
 * What comes from the server, checked by hand: the contract's own schemas would weigh more than the whole widget.
 * `frames.test.ts` proves that these checks agree with the contract.
 */
import type { ToVisitor, VisitorMessage, WidgetSettings } from '@kernlijn/contract/chat';

export function readFrame(data: unknown): ToVisitor | null {
  const frame = typeof data === 'string' ? parse(data) : null;
  if (frame === null) return null;
  switch (frame['is']) {
    case 'welcome':
    case 'state': {
      const { is, state, agentName } = frame;
      return (state === 'waiting' || state === 'talking' || state === 'ended') && isTextOrNull(agentName)
        ? { is, state, agentName }
        : null;
    }
    case 'message': {
      const message = readMessage(frame['message']);
      return message === null ? null : { is: 'message', message };
    }
    case 'kept': {
      const { key, position } = frame;
      return typeof key === 'string' && isWhole(position) ? { is: 'kept', key, position } : null;
    }
    case 'typing': {
      const { name } = frame;
      return typeof name === 'string' ? { is: 'typing', name } : null;
    }
    case 'refused': {
      const { code, key } = frame;
      return typeof code === 'string' && isTextOrNull(key) ? { is: 'refused', code, key } : null;
    }
    case 'pong':
      return { is: 'pong' };
    default:
      return null;
  }
}

export function readSettings(value: unknown): WidgetSettings | null {
  if (!isRecord(value)) return null;
  const { name, colour, language, open, opensAt } = value;
  if (typeof name !== 'string' || typeof colour !== 'string' || typeof open !== 'boolean' || !isTextOrNull(opensAt))
    return null;
  return language === 'nl' || language === 'en' ? { name, colour, language, open, opensAt } : null;
}

export function readToken(value: unknown): string | null {
  return isRecord(value) && typeof value['token'] === 'string' ? value['token'] : null;
}

export function readReceived(value: unknown): true | null {
  return isRecord(value) && value['received'] === true ? true : null;
}

export function readRefusalCode(value: unknown): string | null {
  return isRecord(value) && typeof value['code'] === 'string' ? value['code'] : null;
}

export function parse(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function readMessage(value: unknown): VisitorMessage | null {
  if (!isRecord(value)) return null;
  const { position, author, authorName, text, key, at } = value;
  if (
    !isWhole(position) ||
    typeof authorName !== 'string' ||
    typeof text !== 'string' ||
    typeof key !== 'string' ||
    typeof at !== 'string'
  )
    return null;
  return author === 'customer' || author === 'agent' || author === 'system'
    ? { position, author, authorName, text, key, at }
    : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
