/** Looks at what a package does without a trace of it in the package. */
import { builtIns } from '../../../recorder/built-ins.ts';

const { then } = builtIns;

/** What fails here is no business of the program's. */
export function attempted<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** BullMQ awaits these promises itself: that somebody looks at them changes nothing. */
export function onSettled(
  promise: unknown,
  onDone: (value: unknown) => void,
  onFailed: (error: unknown) => void = () => {},
): void {
  if (!(promise instanceof Promise)) return;
  void then(
    promise,
    (value) => void attempted(() => onDone(value)),
    (error) => void attempted(() => onFailed(error)),
  );
}
