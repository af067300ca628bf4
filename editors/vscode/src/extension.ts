// The extension starts `ups lsp` for policy sources and for .ups.yaml. All that
// it knows of policies is in the server.
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("ups.restart", restart),
    vscode.commands.registerCommand("ups.output", () => client?.outputChannel.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("ups.path") || change.affectsConfiguration("ups.lint")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(): Promise<void> {
  await client?.stop().catch(() => undefined); // it may not be running
  await start();
}

async function start(): Promise<void> {
  client = new LanguageClient("ups", "UPS policy lists", server(), options());
  try {
    await client.start();
  } catch (err) {
    await offerSetting(err);
  }
}

function server(): ServerOptions {
  const settings = vscode.workspace.getConfiguration("ups");
  const args = settings.get("lint", true) ? ["lsp"] : ["lsp", "--no-lint"];
  return { command: settings.get("path", "ups"), args };
}

// The server asks to be told of files that change on the disk, so the client
// watches none of its own accord.
function options(): LanguageClientOptions {
  return {
    documentSelector: [
      { scheme: "file", language: "upspolicy" },
      { scheme: "file", pattern: "**/.ups.yaml" },
    ],
  };
}

// offerSetting says that the server didn't start, and where its path is set.
async function offerSetting(err: unknown): Promise<void> {
  const open = "Open the setting";
  const reason = err instanceof Error ? err.message : String(err);
  const answer = await vscode.window.showErrorMessage(`ups lsp could not be started: ${reason}`, open);
  if (answer === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "ups.path");
  }
}
