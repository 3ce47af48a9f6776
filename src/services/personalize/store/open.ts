import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { redisLabel } from '../../../state/redis-label.ts';
import { memoryStore } from './memory.ts';
import type { ResourceStore } from './resource-store.ts';

/** `memory`, `sqlite:` and a file, or the address of a Redis. */
export type StoreName = 'memory' | `sqlite:${string}` | `redis://${string}` | `rediss://${string}`;

/** Opens the store that the configuration names; rejects where it cannot be had. Only the chosen one is loaded. */
export async function openStore(name: StoreName): Promise<ResourceStore> {
  if (name === 'memory') return memoryStore();
  if (name.startsWith('sqlite:')) {
    const { sqliteStore } = await import('./sqlite.ts');
    const file = name.slice('sqlite:'.length);
    mkdirSync(dirname(file), { recursive: true });
    return sqliteStore(file);
  }
  const { redisStore } = await import('./redis.ts');
  return redisStore(name);
}

/** For people and logs: without user and password. */
export const storeLabel = (name: StoreName): string => (name.startsWith('redis') ? redisLabel(name) : name);
