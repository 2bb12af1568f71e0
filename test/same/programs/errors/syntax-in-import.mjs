// same: ends=1 needs=file
import './parts/syntax.mjs';
