"""The `okat` command. Each subcommand is one call; imports are late, so that the command starts
without numba, Django or Polars."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="okat")
def main() -> None:
    """Okat: opportunities of a city, decided with reasons that anyone can check."""


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the shell completion script: `okat completion bash >> ~/.bashrc`."""
    from click.shell_completion import get_completion_class

    cls = get_completion_class(shell)
    if cls is None:  # pragma: no cover - Choice above only admits known shells
        raise click.UsageError(shell)
    click.echo(cls(main, {}, "okat", "_OKAT_COMPLETE").source())
