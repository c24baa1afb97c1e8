/** Makes the tab's title blink, and restores the page's own title. */
export class TitleBlinker {
  #timer: ReturnType<typeof setInterval> | undefined;
  #title = '';
  #shown = '';

  start(text: string): void {
    if (this.#timer !== undefined) return;
    this.#title = document.title;
    this.#show(text);
    this.#timer = setInterval(() => {
      this.#show(document.title === text ? this.#title : text);
    }, 1_000);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    // A title that the page has set meanwhile stays.
    if (document.title === this.#shown) document.title = this.#title;
  }

  #show(title: string): void {
    this.#shown = title;
    document.title = title;
  }
}
