/** Tells how far a part has come, in bytes of new files. */
export type Say = (part: string, done: number, total: number) => void;

/** A line now and then on `stream`, so that a log stays short. */
export function sayTo(stream: NodeJS.WritableStream): Say {
  let last = '';
  return (part, done, total) => {
    const line = `${part}: ${Math.floor((20 * done) / Math.max(1, total)) * 5} %\n`;
    if (line !== last) stream.write(line);
    last = line;
  };
}
