import { CAPACITY } from '../records/decision-log.ts';
import { type Delivery, firstPage } from './shared-stream.ts';

/** A record whose response waits for its delivery. */
export interface Undelivered extends Delivery {
  /** The response may be sent. */
  readonly settle: () => void;
}

/** What this replica decided and cannot be sure to find in its copy of the stream: by ID, oldest first. */
export class UndeliveredRecords {
  /** At most as many as the stream holds: those that were dropped would have been dropped there. */
  readonly #waiting = new Map<string, Undelivered>();
  /** Delivered, and not in the copy yet: a Redis that loses them now must get them again. */
  readonly #unread = new Map<string, Undelivered & { readonly newest: number }>();

  /** How many have to be delivered. */
  get size(): number {
    return this.#waiting.size;
  }

  add(record: Undelivered): void {
    this.#waiting.set(record.record.id, record);
    for (const id of this.#waiting.keys()) {
      if (this.#waiting.size <= CAPACITY) break;
      this.#waiting.delete(id);
    }
  }

  list(): readonly Undelivered[] {
    return [...this.#waiting.values()];
  }

  firstPage(): readonly Undelivered[] {
    return firstPage(this.#waiting.values());
  }

  /** @param newest the sequence number that the stream had after the delivery */
  markDelivered(page: readonly Undelivered[], newest: number): void {
    for (const each of page) {
      this.#waiting.delete(each.record.id);
      this.#unread.set(each.record.id, { ...each, newest });
    }
  }

  /** What is in the copy, which has all up to `newest`, need not be kept beside it. */
  markRead(newest: number): void {
    for (const [id, each] of this.#unread) {
      if (each.newest > newest) break;
      this.#unread.delete(id);
    }
  }

  /** All that are not in the copy have to be delivered again. */
  withdraw(): readonly Undelivered[] {
    const all = [...this.#unread.values(), ...this.#waiting.values()];
    this.#unread.clear();
    this.#waiting.clear();
    for (const each of all) this.add(each);
    return all;
  }

  drop(records: readonly Undelivered[]): void {
    for (const { record } of records) this.#waiting.delete(record.id);
  }
}
