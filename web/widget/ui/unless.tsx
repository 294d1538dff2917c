import { Component, type ComponentChildren } from "preact";

/** One message that cannot be drawn must not take the conversation with it. */
export class Unless extends Component<
  { fallback: ComponentChildren; children: ComponentChildren },
  { broken: boolean }
> {
  override state = { broken: false };

  override componentDidCatch(): void {
    this.setState({ broken: true });
  }

  override render() {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}
