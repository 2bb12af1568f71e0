/** Tells when the program registers load hooks: they are outermost then, and ours must be. */
import module from 'node:module';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';

type Callable = (...args: unknown[]) => unknown;

/** @returns what restores the built-ins */
export function watchRegistrations(onRegistered: (by: 'register' | 'registerHooks') => void): () => void {
  const undo = (['register', 'registerHooks'] as const).map((name) =>
    replaceBuiltin(module, name, (original) => {
      const register = original as Callable;
      return function (this: unknown, ...args: unknown[]): unknown {
        const result = register.apply(this, args);
        onRegistered(name);
        return result;
      };
    }),
  );
  return () => undo.forEach((restore) => restore());
}
