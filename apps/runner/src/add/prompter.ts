import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";

import { StepwireError } from "@stepwire/core";

import { note } from "../output/terminal.ts";

/** There is nothing more on standard input, though something was to be answered. */
export class InputEnded extends Error {}

/**
 * Asks on stderr, and reads lines from standard input: a terminal's or a pipe's. Lines may come before they are asked
 * for. A terminal shows what is typed only while a question that is not hidden is open.
 */
export class Prompter {
  readonly #lines: string[] = [];
  readonly #reader: Interface;
  readonly #terminal = process.stdin.isTTY;
  readonly #signal: AbortSignal;
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;
  #ended = false;
  #shown = false;

  /** @param signal fires when the user wants to stop. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#shown) process.stderr.write(chunk);
        done();
      },
    });
    this.#reader = createInterface({ input: process.stdin, output, terminal: this.#terminal, historySize: 0 });
    this.#reader.on("line", (line) => {
      // What was pasted with this line goes on at once, before anybody can ask for more.
      this.#shown = false;
      const waiting = this.#take();
      if (waiting === undefined) this.#lines.push(line);
      else waiting.resolve(line);
    });
    this.#reader.on("close", () => {
      this.#ended = true;
      this.#take()?.reject(new InputEnded());
    });
    // Where the terminal's keys are read one by one, Ctrl-C is one of them and no signal.
    this.#reader.on("SIGINT", () => process.emit("SIGINT"));
    signal.addEventListener("abort", () => this.#take()?.reject(stopped()));
  }

  say(text: string): void {
    note(text);
  }

  /** One line, or all lines of a PEM. Throws {@link InputEnded}, or `cancelled` when the user wants to stop. */
  async ask(prompt: string, { hidden = false }: { hidden?: boolean } = {}): Promise<string> {
    if (this.#signal.aborted) throw stopped();
    this.#show(prompt);
    this.#shown = !hidden;
    try {
      return await this.#wholePem(await this.#line());
    } finally {
      this.#shown = false;
      // Without a terminal's own line feed the next question would go on behind this one.
      if (hidden || !this.#terminal) process.stderr.write("\n");
    }
  }

  close(): void {
    this.#reader.close();
  }

  /** A terminal's reader has to know the prompt to draw the line anew; one that has ended takes none. */
  #show(prompt: string): void {
    if (!this.#terminal || this.#ended) {
      process.stderr.write(prompt);
      return;
    }
    this.#shown = true;
    this.#reader.setPrompt(prompt);
    this.#reader.prompt();
  }

  /** The lines of a key that was pasted must not answer the questions that follow, nor be seen there. */
  async #wholePem(first: string): Promise<string> {
    const label = /-----BEGIN ([^-]+)-----/.exec(first)?.[1];
    let text = first;
    while (label !== undefined && !text.includes(`-----END ${label}-----`)) text += `\n${await this.#line()}`;
    return text;
  }

  #line(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.reject(new InputEnded());
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}

const stopped = () => new StepwireError("cancelled", "Cancelled.");
