import { css } from 'lit';

export const flowStepStyles = css`
  :host {
    display: block;
  }
  [role='group'],
  form {
    display: grid;
    gap: 16px;
  }
  h3 {
    margin: 0;
    font-size: 20px;
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }
  h3:focus {
    outline: none;
  }
  p {
    margin: 0;
    white-space: pre-line;
    overflow-wrap: anywhere;
  }
  .options {
    display: grid;
    gap: 12px;
  }
  .options .button {
    justify-content: flex-start;
    min-height: 56px;
    padding: 12px 16px;
    text-align: start;
    overflow-wrap: anywhere;
  }
  ul {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  a {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
    color: var(--_accent);
    overflow-wrap: anywhere;
  }
  textarea {
    resize: vertical;
  }
  .fault {
    color: var(--_danger);
    font-size: 14px;
    font-weight: 400;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  footer .button {
    flex: 1 1 120px;
  }
`;
