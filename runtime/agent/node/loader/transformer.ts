/** The transformer for syntax that blanks cannot remove, loaded at the first file that needs it. */
import { type Transform } from '../instrument/instrument.ts';
import { findBinding } from './find-binding.ts';
import { type CompilerOptions } from './tsconfig.ts';

interface Binding {
  transformSync(
    path: string,
    source: string,
    options: object,
  ): {
    readonly code: string;
    readonly map?: { readonly mappings: string };
    readonly errors: readonly unknown[];
  };
}

let binding: Binding | null | undefined;

/**
 * The transformer leaves decorators of the standard as they are, and V8 does not know them: such a
 * file is refused. Only decorators that tsconfig calls experimental are transformed.
 */
export function transformWith(compiler: CompilerOptions | null): Transform {
  return (path, source, lang) => {
    binding ??= findBinding('transform') as Binding | null;
    if (binding === null) return null;
    const { code, map, errors } = binding.transformSync(path, source, {
      ...settings(compiler ?? {}),
      lang,
      sourcemap: true,
    });
    if (compiler?.experimentalDecorators !== true && /^\s*@\w/m.test(code)) return null;
    return errors.length > 0 || !map ? null : { code, mappings: map.mappings };
  };
}

function settings(compiler: CompilerOptions): object {
  const classic = compiler.jsx === undefined || compiler.jsx === 'react';
  return {
    target: 'esnext',
    typescript: {
      onlyRemoveTypeImports: compiler.verbatimModuleSyntax === true,
      rewriteImportExtensions: false,
    },
    decorator: {
      legacy: compiler.experimentalDecorators === true,
      emitDecoratorMetadata: compiler.emitDecoratorMetadata === true,
    },
    // The prelude that the instrumentation puts into such files (`decorator-helpers.ts`).
    helpers: { mode: 'External' },
    jsx: classic
      ? { runtime: 'classic', pragma: compiler.jsxFactory, pragmaFrag: compiler.jsxFragmentFactory }
      : {
          runtime: 'automatic',
          importSource: compiler.jsxImportSource,
          development: compiler.jsx === 'react-jsxdev',
        },
  };
}
