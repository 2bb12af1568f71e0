import 'node:fs'; export {}; await null; console.log(this === undefined, typeof require, typeof module, typeof exports);
