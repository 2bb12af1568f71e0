/** What the bundler makes of these imports; see esbuild.mjs. */
declare module 'worker:*' {
  const text: string;
  export { text as default };
}
declare module '*.svg' {
  const text: string;
  export { text as default };
}
