import type {ChildProcess} from "node:child_process";
import {type Limits, overMemory, overTime} from "./limits.js";
import type {Answer, Part, Question} from "./messages.js";

/** What came of a question to a reader. */
export interface Conversation {
  readonly fault?: Error;
  /** Whether the reader can't be asked again, and is to be ended. */
  readonly isOver: boolean;
  readonly notices: readonly string[];
}

/** How long a statement may take to end once it is interrupted; then its process is ended. */
const graceMilliseconds = 1_000;

/**
 * Asks a reader, and takes the parts of its answer one by one, until it is done, has failed, or has gone over a limit.
 * The time that taking a part takes isn't the reader's. Opening a lake has no limit of time.
 */
export function converse(
  reader: ChildProcess,
  question: Question,
  limits: Limits,
  take: (part: Part) => void | Promise<void> = () => undefined
): Promise<Conversation> {
  const {timeoutSeconds = Infinity, memory = ""} = limits;
  return new Promise((resolve) => {
    const clock = startClock(question.kind === "work" ? timeoutSeconds * 1000 : Infinity, {
      onTime: () => ask(reader, {kind: "stop"}),
      onGrace: () => settle({fault: overTime(timeoutSeconds), isOver: true})
    });
    const settle = ({fault, isOver, notices = []}: Partial<Conversation>) => {
      clock.end();
      reader.off("message", hear).off("exit", gone);
      resolve({...(fault && {fault}), isOver: isOver ?? false, notices});
    };
    const hand = async (part: Part) => {
      clock.pause();
      try {
        await take(part);
        clock.goOn();
        ask(reader, {kind: "next"});
      } catch (error: any) {
        settle({fault: error, isOver: true});
      }
    };
    const hear = (answer: Answer) => {
      if (answer.kind === "part") void hand(answer.part);
      else if (answer.kind === "over memory") settle({fault: overMemory(memory), isOver: true});
      else if (answer.kind === "opened") settle({notices: answer.notices});
      else if (answer.kind === "done") settle({});
      else settle({fault: clock.isOver() ? overTime(timeoutSeconds) : faultOf(answer)});
    };
    const gone = () => settle({fault: memory ? overMemory(memory) : new Error(endedByItself), isOver: true});
    reader.on("message", hear).on("exit", gone);
    ask(reader, question);
  });
}

const endedByItself =
  "query not answered: its process was ended, as the system does when memory runs out; read fewer rows or columns";

function faultOf({message, cause}: {readonly message: string; readonly cause: unknown}): Error {
  return new Error(message, cause === undefined ? {} : {cause});
}

/** A process that has ended meanwhile is heard of by its exit. */
function ask(reader: ChildProcess, question: Question): void {
  reader.send(question, () => undefined);
}

interface Clock {
  isOver(): boolean;
  pause(): void;
  goOn(): void;
  end(): void;
}

/** Counts time down, but for pauses; then the grace. */
function startClock(
  milliseconds: number,
  {onTime, onGrace}: {readonly onTime: () => void; readonly onGrace: () => void}
): Clock {
  let [left, isOver] = [milliseconds, false];
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  const goOn = () => {
    since = performance.now();
    if (isOver) timer = setTimeout(onGrace, graceMilliseconds);
    else if (Number.isFinite(left))
      timer = setTimeout(() => {
        isOver = true;
        onTime();
        goOn();
      }, left);
  };
  const pause = () => {
    clearTimeout(timer);
    left = Math.max(0, left - (performance.now() - since));
  };
  goOn();
  return {isOver: () => isOver, pause, goOn, end: () => clearTimeout(timer)};
}
