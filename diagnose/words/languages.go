package words

// inOtherLanguages gives sentences that clients and servers translate, beside
// the English one as the table of signs writes it. Only what a source shows is
// here, and only what is rare: a sentence that any program could say goes with
// a status in its row, or with the name of the error.
//
// The languages stand in this order: German, Dutch, French, Italian, Spanish,
// Portuguese, Polish, Czech, Russian, Japanese, Korean, Chinese (simplified,
// then traditional). They are written as clean leaves them: its comma is ASCII's.
var inOtherLanguages = map[string][]string{
	// .NET's SmtpException.
	"requires a secure connection or the client was not authenticated": {
		"sichere Verbindung erforderlich, oder der Client wurde nicht authentifiziert",
		"erfordert eine sichere Verbindung oder der Client wurde nicht authentifiziert",
		"is een beveiligde verbinding vereist of de client is niet geverifieerd",
		"requiert une connexion sécurisée ou le client n'était pas authentifié",
		"richiede una connessione protetta oppure il client non è stato autenticato",
		"requiere una conexión segura o el cliente no se autenticó",
		"requer uma conexão segura ou o cliente não foi autenticado",
		"wymaga bezpiecznego połączenia lub klient nie został uwierzytelniony",
		"vyžaduje zabezpečené připojení nebo klient nebyl ověřen",
		"требуется безопасное соединение или клиент не прошел проверку подлинности",
		"セキュリティで保護された接続を必要としてるか、またはクライアントが認証されていません",
		"セキュリティで保護された接続が必要です。または、クライアントは認証されていません",
		"보안 연결이 필요하거나 클라이언트가 인증되지 않았습니다",
		"服务器要求安全连接或客户端未通过身份验证",
		"服务器需要安全连接或客户端未经过身份验证",
		"伺服器需要安全連接,或用戶端未經驗證",
		"伺服器需要安全連線或用戶端沒有通過身分驗證",
	},
	"SmtpException: Failure sending mail": {
		"SmtpException: 发送邮件失败",
		"SmtpException: 傳送郵件失敗",
	},
	"Mailbox unavailable. The server response was": {
		"Postfach nicht verfügbar. Die Serverantwort war",
		"Boîte aux lettres non disponible. La réponse du serveur était",
		"Buzón no disponible. La respuesta del servidor fue",
		"Caixa de correio não disponível. A resposta do servidor foi",
		"Skrzynka pocztowa jest niedostępna. Odpowiedź serwera",
		"Poštovní schránka není k dispozici. Odpověď serveru",
		"Почтовый ящик недоступен. Получен ответ сервера",
		"メールボックスが使用できません。サーバーの応答",
		"사서함을 사용할 수 없습니다. 서버 응답",
		"邮箱不可用。服务器响应为",
		"信箱無法使用。伺服器回應為",
	},

	// Exchange, as documents and bounces translate it.
	"unsuccessful": {
		"Authentifizierung nicht erfolgreich",
		"Verificatie mislukt",
		"Échec de l'authentification",
		"Autenticazione non riuscita",
		"Autenticación incorrecta",
		"Autenticação malsucedida",
		"Autenticação sem sucesso",
		"Uwierzytelnienie nie powiodło się",
		"Ověřování neúspěšné",
		"Неудачная проверка подлинности",
		"認証は失敗しました",
		"인증 실패",
		"身份验证失败",
		"驗證失敗",
	},
	"Client not authenticated": {
		"Client nicht authentifiziert",
		"Client niet geverifieerd",
		"Client non authentifié",
		"Client non autenticato",
		"Cliente no autenticado",
		"Cliente não autenticado",
		"Klient nie uwierzytelniony",
		"Nie można uwierzytelnić klienta",
		"Klient není ověřen",
		"Клиент не прошел проверку подлинности",
		"未認証のクライアント",
		"클라이언트가 인증되지 않음",
		"客户端未通过身份验证",
		"用戶端未驗證",
	},
	"Client was not authenticated": {
		"client n'était pas authentifié",
		"Client wurde nicht authentifiziert",
		"Client non autenticato",
		"cliente não estava autenticado",
		"Клиент не прошел проверку подлинности",
		"클라이언트가 인증되지 않았습니다",
		"用戶端未經驗證",
	},
	"Client does not have permissions to send as this sender": {
		"Client ist nicht berechtigt, als dieser Absender zu senden",
		"client n'est pas autorisé à envoyer en tant que cet expéditeur",
		"cliente no tiene permiso para enviar como este remitente",
		"cliente no tiene permisos para enviar como este remitente",
		"Cliente não tem permissões para enviar como esse remetente",
		"用戶端不具權限,無法以此寄件者傳送",
	},
	"can't send a message on behalf of this user": {
		"Нельзя отправить сообщение от лица этого пользователя",
	},

	// Windows and .NET, when there is no connection.
	"target machine actively refused it": {
		"da der Zielcomputer die Verbindung verweigerte",
		"omdat de doelcomputer de verbinding actief heeft geweigerd",
		"l'ordinateur cible l'a expressément refusée",
		"Rifiuto persistente del computer di destinazione",
		"el equipo de destino denegó expresamente dicha conexión",
		"a máquina de destino as recusou ativamente",
		"o computador de destino recusou-a de forma ativa",
		"ponieważ komputer docelowy aktywnie go odmawia",
		"protože cílový počítač je aktivně odmítl",
		"конечный компьютер отверг запрос на подключение",
		"対象のコンピューターによって拒否されたため、接続できませんでした",
		"대상 컴퓨터에서 연결을 거부했으므로 연결하지 못했습니다",
		"由于目标计算机积极拒绝,无法连接",
		"無法連線,因為目標電腦拒絕連線",
	},
	"connected party did not properly respond after a period of time": {
		"da die Gegenstelle nach einer bestimmten Zeitspanne nicht ordnungsgemäß reagiert hat",
		"omdat de verbonden partij niet correct heeft gereageerd na een bepaalde periode",
		"le parti connecté n'a pas répondu convenablement au-delà d'une certaine durée",
		"Risposta non corretta della parte connessa dopo l'intervallo di tempo",
		"la parte conectada no respondió adecuadamente tras un periodo de tiempo",
		"o componente conectado não respondeu corretamente após um período de tempo",
		"połączona strona nie odpowiedziała poprawnie po ustalonym okresie czasu",
		"připojená strana v časovém intervalu řádně neodpověděla",
		"от другого компьютера за требуемое время не получен нужный отклик",
		"接続済みの呼び出し先が一定の時間を過ぎても正しく応答しなかった",
		"연결된 구성원으로부터 응답이 없어 연결하지 못했거나",
		"由于连接方在一段时间后没有正确答复",
		"因為連線對象有一段時間並未正確回應",
	},
	"Unable to connect to the remote server": {
		"Die Verbindung mit dem Remoteserver kann nicht hergestellt werden",
		"Kan geen verbinding met de externe server maken",
		"Impossible de se connecter au serveur distant",
		"Impossibile effettuare la connessione al server remoto",
		"No es posible conectar con el servidor remoto",
		"Impossível conectar-se ao servidor remoto",
		"Nie można połączyć się z serwerem zdalnym",
		"Nelze se připojit ke vzdálenému serveru",
		"Невозможно соединиться с удаленным сервером",
		"リモート サーバーに接続できません",
		"원격 서버에 연결할 수 없습니다",
		"无法连接到远程服务器",
		"無法連接至遠端伺服器",
	},

	// Windows and .NET, when TLS fails.
	"The remote certificate is invalid": {
		"Das Remotezertifikat ist laut Validierungsverfahren ungültig",
		"Het externe certificaat is ongeldig",
		"Le certificat distant n'est pas valide",
		"Il certificato remoto non è stato ritenuto valido",
		"El certificado remoto no es válido",
		"O certificado remoto é inválido",
		"Certyfikat zdalny jest nieprawidłowy",
		"Vzdálený certifikát je podle ověřovací procedury neplatný",
		"Удаленный сертификат недействителен",
		"検証プロシージャによると、リモート証明書",
		"유효성 검사 절차에 따르면 원격 인증서가 잘못되었습니다",
		"根据验证过程,远程证书无效",
		"根據驗證程序,遠端憑證是無效的",
	},
	"the remote party has closed the transport stream": {
		"la partie distante a fermé le flux de transport",
		"La parte remota ha chiuso il flusso di trasporto",
		"a parte remota fechou o fluxo de transporte",
		"strona zdalna zamknęła strumień transportu",
		"リモート パーティがトランスポート ストリームを終了したため",
		"由于远程方已关闭传输流,身份验证失败",
		"驗證失敗,因為遠端群體已經關閉傳輸資料流",
	},
	"call to SSPI failed": {
		"Fehler bei SSPI-Aufruf",
		"Chiamata a SSPI non riuscita",
		"No se pudo realizar una llamada a SSPI",
		"调用 SSPI 失败",
	},
}

// foreignException stands in a log before the sentences of .NET whose script
// has no ASCII.
const foreignException = "smtpexception"

// foreignHints returns the hints of the sentences above: the ASCII in them,
// where there is enough of it to be rare.
func foreignHints() []string {
	hints := []string{foreignException}
	for words := range inOtherLanguages {
		for _, form := range newPhrase(words).forms {
			if hint := hintIn(form.plain); len(hint) > hintLength/2 {
				hints = append(hints, hint)
			}
		}
	}
	return hints
}
