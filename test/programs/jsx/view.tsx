// JSX, with the classic factory that the file names by having it in scope.
const React = { createElement: (tag: unknown, props: object | null, ...children: unknown[]) => ({ tag, props, children }) };
const View = async ({ x }: { x: number }) => <div title="t">{await x} text</div>;
console.log(JSON.stringify(await View({ x: 1 })), JSON.stringify(<View x={1} />));
