/**
 * Stands around the program's registrations of load hooks: they are outermost then, and ours must
 * be.
 */
import module from 'node:module';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';

const { apply } = Reflect;
type Callable = (...args: unknown[]) => unknown;

/** @returns what restores the built-ins */
export function watchRegistrations(
  around: (by: 'register' | 'registerHooks', register: () => unknown) => unknown,
): () => void {
  const undo = (['register', 'registerHooks'] as const).map((name) =>
    replaceBuiltin(module, name, (original) => {
      const register = original as Callable;
      return function (this: unknown, ...args: unknown[]): unknown {
        return around(name, () => apply(register, this, args));
      };
    }),
  );
  return () => undo.forEach((restore) => restore());
}
