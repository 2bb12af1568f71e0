export type Only = number; export type Inline = string;
