// A text field that keeps what is being typed while the page around it changes.

import {html, useState} from "./preact.js";

export function Entry({value, onValue, ...rest}) {
  const [draft, setDraft] = useState(null);
  const commit = (event) => {
    const text = event.target.value;
    setDraft(null);
    if (text !== String(value)) onValue(text);
  };
  return html`<input type="text" spellcheck=${false} ...${rest} value=${draft ?? value} onInput=${(event) => setDraft(event.target.value)}
    onChange=${commit} onBlur=${() => setDraft(null)} onKeyDown=${(event) => event.key === "Enter" && event.target.blur()} />`;
}
