import { StepwireError } from "@stepwire/core";

import type { CallContext } from "./call.ts";
import { deadlineOf } from "./deadline.ts";
import { MAX_PAUSE_MS, pause } from "./retry.ts";

/**
 * The rate limits of one connector, over all steps that use it: those its actions declare, and those its servers ask
 * for with Retry-After. Whoever comes too early waits; who could not be served in time is told so at once.
 */
export class RateLimiter {
  /** By action: when its latest requests were, or will be, sent. */
  readonly #sent = new Map<string, number[]>();
  /** By origin: until when it wants to be left alone. */
  readonly #pauses = new Map<string, number>();

  /** The server at this origin asked for a pause. */
  slowDown(origin: string, milliseconds: number): void {
    const until = performance.now() + milliseconds;
    if (until > (this.#pauses.get(origin) ?? 0)) this.#pauses.set(origin, until);
  }

  /** Resolves when a request may be sent. Throws `rate-limited` if that would be too late, or what the signal says. */
  async turn(url: URL, { rateLimit, signal }: Pick<CallContext, "rateLimit" | "signal">): Promise<void> {
    await this.#waitFor(url, signal);
    if (rateLimit === undefined) return;
    await this.#place(rateLimit, signal);
    // Others may have been told to slow down in the meantime.
    await this.#waitFor(url, signal);
  }

  async #waitFor(url: URL, signal: AbortSignal): Promise<void> {
    for (let wait = this.#pauseOf(url.origin); wait > 0; wait = this.#pauseOf(url.origin)) {
      if (tooLate(wait, signal, MAX_PAUSE_MS)) {
        throw limited(`${url.host} asked not to be called before ${seconds(wait)} from now.`, wait, "server");
      }
      await pause(wait, signal);
    }
  }

  #pauseOf(origin: string): number {
    const until = this.#pauses.get(origin);
    if (until === undefined) return 0;
    const wait = until - performance.now();
    if (wait <= 0) this.#pauses.delete(origin);
    return Math.ceil(wait);
  }

  async #place({ key, requests, perMs }: NonNullable<CallContext["rateLimit"]>, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    // What is older cannot hold anybody up any more; what is reserved may be given back, so nothing newer is dropped.
    const sent = (this.#sent.get(key) ?? []).filter((time) => time > now - perMs);
    this.#sent.set(key, sent);
    const earlier = sent.at(-requests);
    const at = earlier === undefined ? now : Math.max(now, earlier + perMs);
    const wait = Math.ceil(at - now);
    if (wait > 0 && tooLate(wait, signal, Number.POSITIVE_INFINITY)) {
      const rule = `${requests} requests in ${seconds(perMs)}`;
      throw limited(
        `${key} may send ${rule} over this connector; the next is free in ${seconds(wait)}.`,
        wait,
        "policy",
      );
    }
    sent.push(at);
    if (wait <= 0) return;
    try {
      await pause(wait, signal);
    } catch (error) {
      // The place was not used.
      const list = this.#sent.get(key) ?? [];
      const index = list.indexOf(at);
      if (index >= 0) list.splice(index, 1);
      throw error;
    }
  }
}

function tooLate(wait: number, signal: AbortSignal, most: number): boolean {
  return wait > most || Date.now() + wait >= deadlineOf(signal);
}

function limited(message: string, retryAfterMs: number, reason: string): StepwireError {
  return new StepwireError("rate-limited", `${message} The request was not sent.`, {
    retryAfterMs,
    details: { reason: `limit-of-${reason}`, sent: false },
  });
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
