// Of npm:cli-progress what is used here. Its published types bring those of Node.js along, which
// change what everything else is checked against.

export class SingleBar {
  constructor(options: {
    readonly format: string;
    readonly barCompleteChar: string;
    readonly barIncompleteChar: string;
    readonly barsize: number;
    readonly clearOnComplete: boolean;
    readonly hideCursor: boolean;
    readonly stream: unknown;
  });
  start(total: number, value: number): void;
  update(value: number): void;
  stop(): void;
}
