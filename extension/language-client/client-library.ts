/**
 * The library that speaks with the language server: half of the extension's code, and needed only
 * after its activation. So it is a bundle of its own, `dist/language-client.cjs`.
 */
export { LanguageClient, RevealOutputChannelOn, TransportKind } from 'vscode-languageclient/node';
