// same: needs=compiler
enum Color { Red, Green = 5, Blue, Text = 'text' } const enum Inlined { A = 1, B = A << 2 } enum Computed { Len = 'abc'.length, Other = Len * 2 } declare enum Nowhere { X }
async function main() { await null; console.log(Color, Color[5], Inlined.B, Computed.Other, Color.Blue); } main();
